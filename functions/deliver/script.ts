/**
 * The script of an article's page. It replaces links to lists by two fragments: the stories of the article's topic, and
 * the front that all articles share. It revalidates both on each view, because browsers honour `stale-while-revalidate`
 * too. It fills the containers as a front is filled (`SpareFront`), without the page's own story.
 */
export const script = `(async()=>{
const box=document.getElementById('rails');
try{
const {front,more,own}=box.dataset;
const get=async path=>{const answer=await fetch(path,{cache:'no-cache'});if(!answer.ok)throw answer.status;return answer.text()};
const[rails,related]=await Promise.all([get(front),more?get(more).catch(()=>''):'']);
const fragment=document.createElement('template');
fragment.innerHTML=related+rails;
const seen=new Set([own]);
const lists=[...fragment.content.querySelectorAll('[data-limit]')].map(list=>({list,free:+list.dataset.limit,items:[...list.children]}));
for(const pin of[true,false])for(const each of lists)for(const item of each.items)if('pin'in item.dataset===pin){
const id=item.dataset.id;
if(each.free&&!seen.has(id)){seen.add(id);each.free--}else item.remove()
}
for(const{list}of lists)if(!list.children.length&&!list.parentNode.querySelector('.links'))list.parentNode.remove();
box.replaceChildren(fragment.content)
}catch{box.classList.remove('wait')}
})()`;
